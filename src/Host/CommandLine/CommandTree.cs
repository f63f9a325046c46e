using System.CommandLine;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Host;

/// <summary>The verbs, and the way from arguments to a parsed verb. Without a verb the arguments are those of `train`.</summary>
internal sealed class CommandTree
{
    private readonly Command _root = new("reste", "Trains binary neural networks.");
    private readonly TrainVerb _train;
    private readonly IEngine _engine;
    private readonly ParserConfiguration _configuration = new() { ResponseFileTokenReplacer = null };

    public CommandTree(IEngine engine)
    {
        (_train, _engine) = (new(engine), engine);
        _root.Add(_train);
        _root.Add(new EvaluateVerb(engine));
        _root.Add(new Command("bench", "Measures speed and memory.")
        {
            new BenchStepVerb(engine), new BenchKernelsVerb(engine), new BenchImagesVerb(), new BenchLimitsVerb(),
            new BenchPackedVerb(),
        });
        _root.Add(new ConvertVerb(engine));
        _root.Add(new ExportVerb(engine));
        _root.Add(new PredictVerb());
        _root.Add(new InfoVerb());
        _root.Add(new SummaryVerb(engine));
        _root.Add(new PlotEstimatorVerb(engine));
        _root.Add(new ReportVerb());
        _root.Add(new SweepVerb(engine));
        _root.Add(new Command("study", "Sweeps that end in a report.") { new StudyEquilibriumVerb(engine) });
    }

    /// <summary>The help text, where the arguments ask for help or for the version.</summary>
    public string? HelpFor(IReadOnlyList<string> arguments)
    {
        if (arguments is ["--version"])
            return $"reste {BuildInfo.Version}{Environment.NewLine}";
        if (arguments is ["help", ..])
            arguments = [.. arguments.Skip(1), Verb.HelpName];
        var (command, words) = Descend(arguments);
        if (new TokenReader((command as Verb ?? _train).Flags).WordsBesideHelp(arguments.Skip(words)) is not { } named)
            return null;
        if (command == _root)
            (command, _) = Descend(named);
        return command == _root ? HelpText.Root(_root, _train, _engine) : HelpText.Of(command, _engine);
    }

    public (Verb Verb, ParseResult Parsed) Parse(IReadOnlyList<string> arguments)
    {
        var (command, words) = Descend(arguments);
        var rest = arguments.Skip(words).ToArray();
        var verb = command as Verb ?? Default(command, rest);
        var tokens = ConfigFile.Merge(new TokenReader(verb.Flags).Read(rest), verb.Flags, token => verb.Parse([token], _configuration));
        var parsed = verb.Parse(tokens, _configuration);
        Check(verb, parsed);
        return (verb, parsed);
    }

    /// <summary>The command that the leading words name, and how many they are.</summary>
    private (Command Command, int Words) Descend(IReadOnlyList<string> arguments)
    {
        var (command, words) = (_root, 0);
        while (words < arguments.Count && command.Subcommands.FirstOrDefault(sub => sub.Name == arguments[words]) is { } next)
            (command, words) = (next, words + 1);
        return (command, words);
    }

    private Verb Default(Command command, string[] rest)
    {
        string[] known = [.. command.Subcommands.Select(sub => sub.Name)];
        if (rest.Length > 0 && rest[0].Length > 0 && rest[0][0] != '-')
            throw HostException.Misuse($"unknown verb '{rest[0]}'", NearestName.Hint(rest[0], known));
        return command == _root
            ? _train
            : throw HostException.Misuse($"{command.Name} needs to know what", $"known: {string.Join(", ", known)}");
    }

    private static void Check(Verb verb, ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.Count > 0)
            throw HostException.Misuse($"unexpected argument '{parsed.UnmatchedTokens[0]}'",
                "flags begin with --; reste --help lists them");
        if (verb.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0
            && parsed.GetResult(argument) is null or { Tokens.Count: 0 }) is { } missing)
            throw HostException.Misuse($"{verb.Name} needs {missing.Name}", $"usage: reste {verb.Name} {missing.Name} [flags]");
        if (parsed.Errors.Count > 0)
            throw HostException.Misuse(parsed.Errors[0].Message);
    }
}
