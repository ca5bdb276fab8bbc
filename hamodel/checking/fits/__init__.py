"""Does a run of the model write these lines? Search, landmarks and windows, episodes, what else would explain them."""
