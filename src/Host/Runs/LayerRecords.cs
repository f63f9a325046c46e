namespace ReSTE.Native.Host;

/// <summary>
/// Looks at the latent weights once an epoch, and writes down how they are spread and how many changed their sign.
/// <para>
/// A line comes before its epoch's checkpoint, and a resume cuts it off where that checkpoint never came. The signs of an epoch's start
/// come before a checkpoint of its middle: wherever a run is killed, a checkpoint of the middle finds those of its epoch, and one of a
/// start needs none.
/// </para>
/// </summary>
internal sealed class LayerRecords
{
    private readonly ITrainingRun _run;
    private readonly LayerFile _lines;
    private readonly string _signsPath;
    private Dictionary<string, byte[]> _signs;

    /// <param name="folder">Where they lie, cut back to where the run stands.</param>
    /// <param name="run">A run that is ready to go on.</param>
    public LayerRecords(RunFolder folder, ITrainingRun run)
    {
        (_run, _lines, _signsPath) = (run, new(folder.Layers), folder.Signs);
        _signs = run.NextStep == 0 ? run.BinaryWeights().ToDictionary(layer => layer.Name, layer => LayerSigns.Pack(layer.Weights))
            : LayerSigns.Read(folder.Signs, run.NextEpoch) is { } saved ? new(saved.Layers) : [];
    }

    /// <summary>One line where the flips of the epoch under way cannot be counted.</summary>
    public static IEnumerable<string> Notices(RunFolder folder, ITrainingRun run) =>
        run.NextStep > 0 && run.BinaryWeights().Any() && LayerSigns.Read(folder.Signs, run.NextEpoch) is null
            ? [$"{folder.Signs} is not there or not of this checkpoint: how many signs flip in epoch " +
                $"{Numbers.Text(run.NextEpoch + 1)} is not counted"]
            : [];

    /// <summary>Adds the epoch that has just been trained.</summary>
    public void Add(int epoch)
    {
        var layers = new List<LayerWeights>();
        var after = new Dictionary<string, byte[]>();
        foreach (var (name, weights) in _run.BinaryWeights())
        {
            var signs = after[name] = LayerSigns.Pack(weights);
            layers.Add(LayerWeights.Of(name, weights, LayerSigns.Flips(_signs.GetValueOrDefault(name), signs)));
        }
        _signs = after;
        if (layers.Count > 0)
            _lines.Append(new(epoch, layers));
    }

    /// <summary>Keeps what a checkpoint of the middle of an epoch does not hold.</summary>
    public void SaveSigns()
    {
        if (_run.NextStep > 0 && _signs.Count > 0)
            new LayerSigns(_run.NextEpoch, _signs).Write(_signsPath);
    }

    /// <summary>Once a checkpoint of an epoch's start is there, nobody asks for what one of its middle lacks.</summary>
    public void DropSigns() => File.Delete(_signsPath);
}
