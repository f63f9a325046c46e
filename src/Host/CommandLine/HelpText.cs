using System.CommandLine;
using System.Text;

namespace ReSTE.Native.Host;

/// <summary>Help: every flag with its default and whether it is the published trainer's or ours.</summary>
internal static class HelpText
{
    private const int Column = 34;

    public static string Root(Command root, Verb train, IEngine engine)
    {
        var text = new StringBuilder("reste [VERB] [flags]: ").AppendLine(root.Description).AppendLine()
            .AppendLine("Without flags it trains on built-in images. Without a verb it means train.").AppendLine().AppendLine("Verbs:");
        foreach (var (path, verb) in Verbs(root, ""))
            Row(text, path, verb.Description);
        text.AppendLine().AppendLine("Flags of train:");
        AddFlags(text, train.Flags, engine);
        text.AppendLine().AppendLine("Example: reste --dataset cifar10 --data_path DIR --model resnet20_1w1a --save mine");
        AddExitCodes(text);
        AddVariables(text);
        return text.ToString();
    }

    public static string Of(Command command, IEngine engine)
    {
        var text = new StringBuilder(Above(command)).Append(command.Name);
        foreach (var argument in command.Arguments)
            text.Append(' ').Append(Word(argument));
        text.Append(" [flags]: ").AppendLine(command.Description).AppendLine();
        if (command is Verb verb)
        {
            AddFlags(text, verb.UsedFlags, engine);
            if (verb.UsedFlags.Count < verb.Flags.Count)
                text.AppendLine().AppendLine("The other flags of train are accepted and have no effect here.");
        }
        foreach (var sub in command.Subcommands)
            Row(text, $"{command.Name} {sub.Name}", sub.Description);
        return text.ToString();
    }

    /// <summary>An argument's name, in brackets where it may be left out.</summary>
    private static string Word(Argument argument) =>
        argument.Arity.MinimumNumberOfValues > 0 ? argument.Name : $"[{argument.Name}]";

    private static IEnumerable<(string Path, Command Verb)> Verbs(Command command, string path)
    {
        foreach (var sub in command.Subcommands)
        {
            var arguments = string.Concat(sub.Arguments.Select(argument => " " + Word(argument)));
            if (sub.Subcommands.Count == 0)
                yield return (path + sub.Name + arguments, sub);
            foreach (var deeper in Verbs(sub, $"{path}{sub.Name} "))
                yield return deeper;
        }
    }

    /// <summary>The words before a verb: the program's name and the verbs it belongs to.</summary>
    private static string Above(Command command) =>
        string.Concat(command.Parents.OfType<Command>().Select(parent => $"{Above(parent)}{parent.Name} "));

    /// <summary>The names a flag accepts, where the engine decides them.</summary>
    private static string Known(IFlag flag, IEngine engine)
    {
        IEnumerable<string> names = flag.Name switch
        {
            "--model" => engine.Datasets.SelectMany(engine.Models).Distinct(),
            "--dataset" => engine.Datasets,
            "--estimator" => engine.Estimators,
            "--optimiser" => engine.Optimisers,
            _ => [],
        };
        var list = string.Join(", ", names);
        return list.Length > 0 ? $"; known: {list}" : "";
    }

    private static void AddFlags(StringBuilder text, IReadOnlyList<IFlag> flags, IEngine engine)
    {
        foreach (var flag in flags)
        {
            var names = string.Join(", ", flag.Aliases.Append(flag.Name));
            var left = flag.IsSwitch ? names : $"{names} {flag.ValueName}";
            var origin = flag.Origin == FlagOrigin.Published ? "published" : "ours";
            Row(text, left, $"{flag.Description}{Known(flag, engine)} (default: {flag.DefaultText}; {origin})");
        }
    }

    private static void AddExitCodes(StringBuilder text) => text.AppendLine().AppendLine(
        "Exit codes: 0 done, 1 failure, 2 misuse, 3 no usable GPU, 4 data set missing or damaged,").AppendLine(
        "5 checkpoint missing, damaged, or of another network or other data, 129 hung up, 130 interrupted, 143 terminated.");

    private static void AddVariables(StringBuilder text)
    {
        text.AppendLine().AppendLine("Environment:");
        Row(text, CudaSettings.LibraryVariable, "the CUDA driver library to load, in place of the system's");
        Row(text, CudaSettings.KernelVariable, "a folder of compiled kernels, in place of the embedded ones");
        Row(text, Images.ImageDecoders.LibraryVariable, "the TurboJPEG library to load, in place of the system's; none does without");
        Row(text, CudaSettings.SynchronousVariable + "=1", "wait for every CUDA launch: slow, but a failure names its kernel");
    }

    private static void Row(StringBuilder text, string left, string? right) =>
        text.Append("  ").Append(left.PadRight(Column)).Append(' ').AppendLine(right);
}
