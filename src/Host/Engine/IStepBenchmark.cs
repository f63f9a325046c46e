using ReSTE.Native.Tapes;

namespace ReSTE.Native.Host;

/// <summary>One training step, or the evaluation of a batch, that can be repeated and timed.</summary>
internal interface IStepBenchmark : IDisposable
{
    /// <summary>The device in words.</summary>
    string Device { get; }

    /// <summary>Whether a step evaluates.</summary>
    bool Evaluates { get; }

    /// <summary>Memory the images occupy, which belongs to the data set and not to the training.</summary>
    long DatasetBytes { get; }

    /// <summary>Kernel launches a step; null on a device that has none, or that does not record them.</summary>
    long? Launches { get; }

    /// <summary>How long each operation of the last step took; null on a device that runs a step all at once.</summary>
    StepClock? Clock { get; }

    /// <summary>Forward, and unless it evaluates backward and update, of one batch; returns when its results are there.</summary>
    void Step();
}
