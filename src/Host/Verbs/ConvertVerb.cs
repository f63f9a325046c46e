using System.CommandLine;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Host;

/// <summary>`reste convert IN OUT`: a checkpoint of any form written in the form that OUT's name asks for, or listed.</summary>
internal sealed class ConvertVerb : Verb
{
    private const string Safetensors = ".safetensors";

    private static readonly string[] s_pyTorch = [".pth", ".pt", ".pth.tar", ".th"];

    private readonly Argument<string> _in = new("IN");
    private readonly Argument<string?> _out = new("OUT") { Arity = ArgumentArity.ZeroOrOne };
    private readonly ConvertFlags _flags;
    private readonly IEngine _engine;

    private ConvertVerb(IEngine engine, ConvertFlags flags)
        : base("convert", "Writes a checkpoint, ours or PyTorch's, as safetensors or as a PyTorch file, or lists what it holds.", flags.All)
    {
        (_engine, _flags) = (engine, flags);
        Add(_in);
        Add(_out);
    }

    public ConvertVerb(IEngine engine) : this(engine, new())
    {
    }

    public override bool LeavesFiles(ParseResult parsed) => parsed.GetValue(_out) is not null && !_flags.List.In(parsed);

    public override int Run(ParseResult parsed, HostContext context)
    {
        var (target, lists) = (parsed.GetValue(_out), _flags.List.In(parsed));
        if (target is null && !lists)
            throw HostException.Misuse("convert needs OUT", "usage: reste convert IN OUT, or reste convert IN --list");
        var asPyTorch = target is not null && IsPyTorch(target);
        if (target is not null && Path.Exists(target) && !_flags.Force.In(parsed))
            throw HostException.Misuse($"'{target}' is there already", "--force replaces it");
        var notices = new List<string>();
        var source = CheckpointPath.Of(parsed.GetValue(_in)!, notices, "converting");
        context.Notify(notices);
        return FileMemory.OfCheckpoint(source, () =>
        {
            if (lists)
                StateListing.Write(_engine.ReadState(source), context.Out);
            if (target is not null)
                Convert(source, target, asPyTorch, context);
            return ExitCode.Done;
        });
    }

    private static bool IsPyTorch(string path)
    {
        bool Ends(string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
        if (!Ends(Safetensors) && !s_pyTorch.Any(Ends))
        {
            throw HostException.Misuse($"the form of '{path}' is not known",
                $"its name decides: {Safetensors}, or {string.Join(", ", s_pyTorch)} for a PyTorch file");
        }
        return !Ends(Safetensors);
    }

    private void Convert(string source, string target, bool asPyTorch, HostContext context)
    {
        var state = _engine.ReadPublished(source);
        if (state.Others.Count > 0)
            context.Notify([$"left out, for they are no tensors: {string.Join(", ", state.Others)}"]);
        try
        {
            _engine.WriteState(state, target, asPyTorch);
        }
        catch (Exception problem) when (TextFile.IsUnwritable(problem))
        {
            throw new HostException(ExitCode.Failure, $"cannot write '{target}'", TextFile.Reason(target, problem), problem);
        }
        var form = asPyTorch ? CheckpointForm.PyTorchZip : CheckpointForm.Safetensors;
        context.Out.WriteLine($"wrote {target}: {Plural.Of(state.Entries.Count, "tensor")} in {WeightsNotice.Words(form)}");
    }
}

/// <summary>The flags of `convert`.</summary>
internal sealed class ConvertFlags
{
    public Flag<bool> List { get; } = Flags.Switch(FlagOrigin.Ours, "--list", "list the names, shapes and types that IN holds");
    public Flag<bool> Force { get; } = Flags.Switch(FlagOrigin.Ours, "--force", "replace OUT where it is there already");

    public IReadOnlyList<IFlag> All => [List, Force];
}
