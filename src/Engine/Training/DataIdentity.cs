using System.Text.Json.Serialization;
using ReSTE.Native.Datasets;
using ReSTE.Native.Messages;

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
/// <param name="CropPadding">How training images are shifted; see <see cref="Preprocessing"/>.</param>
/// <param name="Flip">Whether they are mirrored.</param>
/// <param name="Validation">The identity of the part that the best epoch is chosen on; null where that is the test part.</param>
internal sealed record DataIdentity(string Train, string Test, int CropPadding, bool Flip,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Validation = null);

/// <summary>
/// Finds out the identity of a run's data beside the rest of its start: a task for each part, which is waited for when somebody asks for
/// what it found.
/// </summary>
internal sealed class DataIdentities : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly DataSplits _data;
    private Task<string> _train, _test;
    private Task<string>? _validation;

    /// <summary>Starts to look at every part.</summary>
    public DataIdentities(DataSplits data)
    {
        (_data, _train, _test) = (data, Start(data.Train), Start(data.Test));
        _validation = data.Validation == null ? null : Start(data.Validation);
    }

    /// <summary>The training part's. Throws <see cref="DatasetException"/>, and looks anew when it is asked for again.</summary>
    public string Train => Found(ref _train, _data.Train);

    /// <summary>The test part's, likewise.</summary>
    public string Test => Found(ref _test, _data.Test);

    /// <summary>Those of all parts, and what is done to the images.</summary>
    public DataIdentity All => new(Train, Test, _data.Preprocessing.CropPadding, _data.Preprocessing.Flip, Validation);

    /// <summary>The part's that the best epoch is chosen on; null where that is the test part.</summary>
    private string? Validation => _validation == null ? null : Found(ref _validation, _data.Validation!);

    /// <summary>Waits until all are known, or are known not to be.</summary>
    public void Wait()
    {
        Task all = Task.WhenAll(_train, _test, _validation ?? _test);
        all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
    }

    /// <summary>Waits too: whoever gives up a trainer finds nobody reading their data.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Wait();
        _stop.Dispose();
    }

    private string Found(ref Task<string> task, Dataset data)
    {
        try
        {
            return task.GetAwaiter().GetResult()
                ?? throw new DatasetException(DatasetFault.NotWhatItSays, $"{data.Name}: its identity is null");
        }
        catch (Exception problem)
        {
            // A disk that failed once must not keep a run of hours from being saved.
            task = Start(data);
            if (problem is DatasetException)
                throw;
            throw new DatasetException(DatasetFault.Unreadable, $"{data.Name}: cannot be read again to tell it from other data: "
                + OneLine.Of(problem.Message), problem);
        }
    }

    private Task<string> Start(Dataset data) => Task.Run(() => data.Identity(data.Count, _stop.Token));
}
