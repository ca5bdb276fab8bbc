"""Many tasks at once, on the cores of this machine or on a Dask or Ray cluster, through joblib.

Every task has one answer, whatever happens to those who work: what was lost with a worker is done again by another, and
a task that takes its worker with it again and again is `Lost`, and costs the others nothing. Answers come as they are
ready; an interrupt ends the work, not what was answered before.
"""

from __future__ import annotations

import signal
import socket
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from hamodel.errors import EngineUnavailable, NoWorkers

Task = TypeVar("Task")
Answer = TypeVar("Answer")
TRIES = 2
"""After so many rounds that ended with a dead worker each task that is left is tried by itself."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works: so many processes here, or a cluster at an address."""

    backend: str = "local"
    address: str | None = None
    jobs: int = 1

    @property
    def remote(self) -> bool:
        """Whether others may work on other machines."""
        return self.backend != "local"


@dataclass(frozen=True, slots=True)
class Lost:
    """A task that nobody could finish, because its worker died of it."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Numbered(Generic[Task, Answer]):
    """A function that says which of its tasks it answers."""

    function: Callable[[Task], Answer]

    def __call__(self, number: int, task: Task) -> tuple[int, Answer]:
        return number, self.function(task)


def work(crew: Crew, function: Callable[[Task], Answer], tasks: Sequence[Task]) -> Iterator[tuple[int, Answer | Lost]]:
    """The answer of each task with its number, in the order in which they are ready.

    `function` has to be importable by others and must not raise. Raises NoWorkers where there is no cluster.
    """
    open_tasks = dict(enumerate(tasks))
    with _hands(crew, len(tasks)) as (hands, deadly):
        for _ in range(TRIES):
            if not open_tasks:
                return
            try:
                yield from _round(hands, function, open_tasks, list(open_tasks))
            except deadly:
                continue
        for number in list(open_tasks):
            try:
                yield from _round(hands, function, open_tasks, [number])
            except deadly as death:
                del open_tasks[number]
                yield number, Lost(f"its worker died each time, perhaps for want of memory ({type(death).__name__})")


Hands = Callable[[list[Any]], Iterable[Any]]
"""Does calls that joblib has delayed, and gives back what they return as it is ready."""
Deadly = tuple[type[BaseException], ...]
"""The ways in which somebody says that a worker died."""


def _round(
    hands: Hands, function: Callable[[Task], Answer], open_tasks: dict[int, Task], numbers: Sequence[int]
) -> Iterator[tuple[int, Answer]]:
    """What is open once; what was answered is open no more, even if the round ends badly."""
    from joblib import delayed

    call = _Numbered(function)
    for number, answer in hands([delayed(call)(number, open_tasks[number]) for number in numbers]):
        if open_tasks.pop(number, None) is not None:
            yield number, answer


@contextmanager
def _hands(crew: Crew, tasks: int) -> Iterator[tuple[Hands, Deadly]]:
    from joblib import Parallel, parallel_config
    from joblib.externals.loky.process_executor import BrokenProcessPool

    warnings.filterwarnings("ignore", ".*(tasks which|worker stopped).*", UserWarning)  # both are told as answers
    ready: dict[str, Any] = {"batch_size": 1, "return_as": "generator_unordered"}
    if crew.backend == "dask":
        with _dask(crew) as (client, deadly), parallel_config(backend="hamodel-dask", client=client):
            yield lambda calls: Parallel(n_jobs=-1, pre_dispatch="all", **ready)(calls), deadly
    elif crew.backend == "ray":
        with _ray(crew) as deadly, parallel_config(backend="hamodel-ray"):
            yield lambda calls: Parallel(n_jobs=-1, pre_dispatch="all", **ready)(calls), deadly
    else:
        jobs = max(1, min(crew.jobs, tasks))
        with parallel_config(backend="loky", initializer=_leave_interrupts_to_the_parent, inner_max_num_threads=1):
            yield lambda calls: Parallel(n_jobs=jobs, **ready)(calls), (BrokenProcessPool,)


def _leave_interrupts_to_the_parent() -> None:
    """Ctrl-C reaches every process of a terminal; the one that asked decides what becomes of the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _dask(crew: Crew) -> Iterator[tuple[Any, Deadly]]:
    """A client of the cluster, and joblib's backend for it: the shipped one never tells of a task that failed."""
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
        from joblib._dask import DaskDistributedBackend
    except ImportError:
        raise EngineUnavailable("--backend dask needs distributed", help='pip install "hamodel[cluster]"') from None
    from joblib import register_parallel_backend

    class Telling(DaskDistributedBackend):  # type: ignore[misc]  # joblib has no types
        """Hands a failure to the one who waits for the task, who would wait for ever without it."""

        def submit(self, func: Any, callback: Any = None) -> Any:  # noqa: ANN401  # joblib's own signature
            future: Any = super().submit(func, callback)

            def failed(done: Any) -> None:  # noqa: ANN401  # a future of anything
                if done.exception() is not None and callback is not None:
                    callback(done.exception())

            future.add_done_callback(failed)
            return future

        def retrieve_result_callback(self, out: Any) -> Any:  # noqa: ANN401  # joblib's own signature
            if isinstance(out, BaseException):
                raise out
            return super().retrieve_result_callback(out)

    register_parallel_backend("hamodel-dask", Telling)
    try:
        client = Client(crew.address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as problem:
        raise NoWorkers(
            f"no Dask scheduler answers at {crew.address}: {problem}",
            help="start one with `dask scheduler`, workers with `dask worker tcp://HOST:8786 --nthreads 1`",
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=10)
        except TimeoutError:
            raise NoWorkers(
                f"the Dask scheduler at {crew.address} has no workers",
                help=f"start some: `dask worker {crew.address} --nthreads 1`",
            ) from None
        yield client, (KilledWorker,)


@contextmanager
def _ray(crew: Crew) -> Iterator[Deadly]:
    """A connection to the cluster, and joblib's backend for it: the shipped one gives no answer before the last."""
    try:
        import ray
        from ray.exceptions import RayActorError
        from ray.util.joblib.ray_backend import RayBackend
    except ImportError:
        raise EngineUnavailable("--backend ray needs ray", help='pip install "hamodel[ray]"') from None
    from joblib import register_parallel_backend

    class Telling(RayBackend):  # type: ignore[misc]  # ray has no types where it is not installed
        """Hands over each answer as it is ready; its pool calls back for answers and for failures."""

        supports_return_generator = True
        supports_retrieve_callback = True

    register_parallel_backend("hamodel-ray", Telling)
    host, _, port = (crew.address or "").rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
        ray.init(address=crew.address, log_to_driver=False, logging_level="ERROR")
    except (OSError, ValueError, RuntimeError) as problem:
        first = (str(problem).splitlines() or [""])[0]
        raise NoWorkers(
            f"no Ray head answers at {crew.address}: {first}",
            help="start one with `ray start --head --port 6379`, and give HOST:6379",
        ) from None
    try:
        yield (RayActorError,)
    finally:
        ray.shutdown()
