using System.CommandLine;
using static ReSTE.Native.Host.FlagOrigin;

namespace ReSTE.Native.Host;

/// <summary>`reste predict MODEL IMAGES...`: what a packed network sees in image files.</summary>
internal sealed class PredictVerb : Verb
{
    private readonly Argument<string> _model = new("MODEL");
    private readonly Argument<string[]> _images = new("IMAGES") { Arity = ArgumentArity.OneOrMore };
    private readonly PredictFlags _flags;

    private PredictVerb(PredictFlags flags)
        : base("predict", "Says what a packed network sees in image files and folders: label, name and probability.", flags.All)
    {
        _flags = flags;
        Add(_model);
        Add(_images);
    }

    public PredictVerb() : this(new())
    {
    }

    public override int Run(ParseResult parsed, HostContext context)
    {
        using var model = PackedModels.Open(
            parsed.GetValue(_model)!, _flags.Where.Device.In(parsed), _flags.Where.Threads.In(parsed), context);
        return new Prediction(model, context, _flags.Top.In(parsed)).Run(parsed.GetValue(_images)!);
    }
}

/// <summary>The flags of `predict`.</summary>
internal sealed class PredictFlags
{
    public Flag<int> Top { get; } = Flags.Integer(Ours, "--top", 1, 1, "classes to name for each image, the likeliest first");
    public PackedFlags Where { get; } = new();

    public IReadOnlyList<IFlag> All => [Top, Where.Device, Where.Threads];
}
