// The emulator counts over the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
