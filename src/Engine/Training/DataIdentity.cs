using ReSTE.Native.Datasets;

namespace ReSTE.Native.Training;

/// <summary>Whether the data at hand are those that a checkpoint was trained on.</summary>
public enum DataMatch
{
    /// <summary>They are. For loaded weights it is enough that the test images are, or the training images.</summary>
    Same,

    /// <summary>Neither the training images nor the test images are those of the checkpoint.</summary>
    Other,

    /// <summary>The checkpoint was saved by a version that did not note its data.</summary>
    Unknown,
}

/// <summary>What tells the data of a run from any other, as its checkpoint keeps it.</summary>
/// <param name="Train">The training part's <see cref="Dataset.Identity"/>.</param>
/// <param name="Test">The test part's.</param>
internal sealed record DataIdentity(string Train, string Test);

/// <summary>
/// Finds out the identity of a run's data beside the rest of its start: two tasks, which are waited for when somebody asks for what they
/// found.
/// </summary>
internal sealed class DataIdentities : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<string> _train, _test;

    /// <summary>Starts to look at both parts.</summary>
    public DataIdentities(DataSplits data) => (_train, _test) = (Start(data.Train), Start(data.Test));

    public string Train => _train.GetAwaiter().GetResult();

    public string Test => _test.GetAwaiter().GetResult();

    public DataIdentity Both => new(Train, Test);

    /// <summary>Waits too: whoever gives up a trainer finds nobody reading their data.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        ((Task)Task.WhenAll(_train, _test)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        _stop.Dispose();
    }

    private Task<string> Start(Dataset data) => Task.Run(() => data.Identity(data.Count, _stop.Token));
}
