using System.CommandLine;
using ReSTE.Native.Export;
using static ReSTE.Native.Host.FlagOrigin;

namespace ReSTE.Native.Host;

/// <summary>`reste export CHECKPOINT --format F --output FILE`: a trained network in a form that other programs run.</summary>
internal sealed class ExportVerb : Verb
{
    private readonly Argument<string> _checkpoint = new("CHECKPOINT");
    private readonly TrainingFlags _training;
    private readonly ExportFlags _flags;
    private readonly IEngine _engine;

    private ExportVerb(IEngine engine, TrainingFlags training, ExportFlags flags)
        : base("export", "Writes a trained binary network in a form that other programs run, and compares the two.",
            [.. flags.All, .. training.All.Where(flag => flag != training.Evaluate)])
    {
        (_engine, _training, _flags) = (engine, training, flags);
        Add(_checkpoint);
    }

    public ExportVerb(IEngine engine) : this(engine, new(), new())
    {
    }

    // What a checkpoint of another program does not say, and where the test images are.
    public override IReadOnlyList<IFlag> UsedFlags =>
    [
        .. _flags.All, _training.Model, _training.Dataset, _training.DataPath, _training.Estimator, _training.EstimatorArguments,
        _training.Normalisation, _training.Threads, _training.Config, Flags[^1],
    ];

    public override bool LeavesFiles(ParseResult parsed) => true;

    public override int Run(ParseResult parsed, HostContext context)
    {
        var format = ExportFormats.All.FirstOrDefault(f => f.Name == _flags.Format.In(parsed)) ?? throw HostException.Misuse(
            $"--format {_flags.Format.In(parsed)}: there is no such form", $"known: {ExportFlags.Known}");
        var wholeReals = _flags.RealLayers.In(parsed) == RealLayers.Int8;
        if (wholeReals && !format.IsExact)
            throw HostException.Misuse($"--real_layers int8: {format.Name} keeps real layers as float32");
        var target = _flags.Output.In(parsed) ?? throw HostException.Misuse("export needs --output FILE");
        if (Path.Exists(target) && !_flags.Force.In(parsed))
            throw HostException.Misuse($"'{target}' is there already", "--force replaces it");
        var notices = new List<string>();
        var checkpoint = CheckpointPath.Of(parsed.GetValue(_checkpoint)!, notices, "exporting");
        context.Notify(notices);
        var settings = new RecipeReader(_training, _engine, evaluates: true, onCpu: true).Read(parsed);
        return new NetworkExport(context, settings, format, checkpoint, target)
        {
            Images = _flags.Verify.In(parsed) is var images and < int.MaxValue ? images : format.Verified ?? int.MaxValue,
            WholeReals = wholeReals,
        }.Run();
    }
}

/// <summary>How the weights of real layers are kept.</summary>
internal enum RealLayers
{
    Float32,
    Int8,
}

/// <summary>The flags of `export`.</summary>
internal sealed class ExportFlags
{
    public static string Known => string.Join(", ", ExportFormats.All.Select(format => format.Name));

    public Flag<string?> Format { get; } = Flags.Text(Ours, "--format", "NAME", "packed", $"the form: {Known}");
    public Flag<string?> Output { get; } = Flags.Location(Ours, "--output", "FILE", null, "the file to write");
    public Flag<bool> Force { get; } = Flags.Switch(Ours, "--force", "replace the file where it is there already");
    public Flag<int> Verify { get; } = Flags.Choice(Ours, "--verify", "N", int.MaxValue, "all",
        "compare both forms on the first N test images, of html 100; 0 compares nothing and needs no data",
        text => Numbers.Integer(text, 0, int.MaxValue));
    public Flag<RealLayers> RealLayers { get; } = Flags.Choice(Ours, "--real_layers", "float32|int8", Host.RealLayers.Float32, "float32",
        "how weights of real layers are kept in packed, c and html; int8 is smaller, and labels may change", Words.Read<RealLayers>);

    public IReadOnlyList<IFlag> All => [Format, Output, Force, Verify, RealLayers];
}
