using System.CommandLine;

namespace ReSTE.Native.Host;

/// <summary>`reste evaluate FILE`: what `reste --evaluate FILE` does, as a verb.</summary>
internal sealed class EvaluateVerb : Verb
{
    private readonly Argument<string> _file = new("FILE");
    private readonly TrainingFlags _flags;
    private readonly IEngine _engine;

    private EvaluateVerb(IEngine engine, TrainingFlags flags)
        : base("evaluate", "Evaluates a checkpoint on the test images; writes nothing.",
            [.. flags.All.Where(flag => flag != flags.Evaluate)])
    {
        (_engine, _flags) = (engine, flags);
        Add(_file);
    }

    public EvaluateVerb(IEngine engine) : this(engine, new())
    {
    }

    public override IReadOnlyList<IFlag> UsedFlags =>
    [
        _flags.Model, _flags.Dataset, _flags.DataPath, _flags.Gpus, _flags.Workers, _flags.BatchSizeTest,
        _flags.PrintFrequency, _flags.RealActivations, _flags.Estimator, _flags.Device, _flags.Threads, _flags.LimitTest,
        _flags.Normalisation, _flags.EstimatorArguments, _flags.Config, _flags.Progress, Flags[^1],
    ];

    public override int Run(ParseResult parsed, HostContext context) =>
        Evaluation.Run(new RecipeReader(_flags, _engine, evaluates: true).Read(parsed), parsed.GetValue(_file)!, context);
}
