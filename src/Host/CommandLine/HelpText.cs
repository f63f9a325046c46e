using System.CommandLine;
using System.Text;

namespace ReSTE.Native.Host;

/// <summary>Help: every flag with its default and whether it is the published trainer's or ours.</summary>
internal static class HelpText
{
    private const int Column = 34;

    public static string Root(Command root, Verb train)
    {
        var text = new StringBuilder("reste [VERB] [flags]: ").AppendLine(root.Description).AppendLine()
            .AppendLine("Without flags it trains on built-in images. Without a verb it means train.").AppendLine().AppendLine("Verbs:");
        foreach (var (path, verb) in Verbs(root, ""))
            Row(text, path, verb.Description);
        text.AppendLine().AppendLine("Flags of train:");
        AddFlags(text, train.Flags);
        AddExitCodes(text);
        return text.ToString();
    }

    public static string Of(Command command)
    {
        var text = new StringBuilder("reste ").Append(command.Name);
        foreach (var argument in command.Arguments)
            text.Append(' ').Append(argument.Name);
        text.Append(" [flags]: ").AppendLine(command.Description).AppendLine();
        if (command is Verb verb)
            AddFlags(text, verb.Flags);
        foreach (var sub in command.Subcommands)
            Row(text, $"{command.Name} {sub.Name}", sub.Description);
        return text.ToString();
    }

    private static IEnumerable<(string Path, Command Verb)> Verbs(Command command, string path)
    {
        foreach (var sub in command.Subcommands)
        {
            var arguments = string.Concat(sub.Arguments.Select(argument => " " + argument.Name));
            if (sub.Subcommands.Count == 0)
                yield return (path + sub.Name + arguments, sub);
            foreach (var deeper in Verbs(sub, $"{path}{sub.Name} "))
                yield return deeper;
        }
    }

    private static void AddFlags(StringBuilder text, IReadOnlyList<IFlag> flags)
    {
        foreach (var flag in flags)
        {
            var names = string.Join(", ", flag.Aliases.Append(flag.Name));
            var left = flag.IsSwitch ? names : $"{names} {flag.ValueName}";
            var origin = flag.Origin == FlagOrigin.Published ? "published" : "ours";
            Row(text, left, $"{flag.Description} (default: {flag.DefaultText}; {origin})");
        }
    }

    private static void AddExitCodes(StringBuilder text) => text.AppendLine().AppendLine(
        "Exit codes: 0 done, 1 failure, 2 misuse, 3 no usable GPU, 4 data set missing or damaged,").AppendLine(
        "5 checkpoint missing, damaged or of another network, 130 interrupted, 143 terminated.");

    private static void Row(StringBuilder text, string left, string? right) =>
        text.Append("  ").Append(left.PadRight(Column)).Append(' ').AppendLine(right);
}
