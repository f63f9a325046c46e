using System.Globalization;
using System.Text.RegularExpressions;

namespace ReSTE.Native.Host;

/// <summary>Cuts logger.log back to a checkpoint, so that a resumed run writes no line twice.</summary>
internal static partial class LogCut
{
    /// <param name="path">The log; nothing happens where there is none.</param>
    /// <param name="epoch">The epoch the checkpoint goes on with.</param>
    /// <param name="step">Training steps of it that the checkpoint already holds.</param>
    public static void Back(string path, int epoch, int step)
    {
        if (!File.Exists(path))
            return;
        var text = File.ReadAllText(path);
        var kept = text[..(text.LastIndexOf('\n') + 1)];
        var cut = kept.Length;
        foreach (Match match in StepLine().Matches(kept))
        {
            if (!IsAfter(match, epoch, step))
                continue;
            cut = match.Index;
            break;
        }
        if (cut < text.Length)
            TextFile.Replace(path, kept[..cut]);
    }

    private static bool IsAfter(Match match, int epoch, int step)
    {
        var lineEpoch = Number(match.Groups["epoch"]);
        if (lineEpoch != epoch)
            return lineEpoch > epoch;
        return match.Groups["phase"].ValueSpan is "EVALUATING" || Number(match.Groups["step"]) >= step;
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^[^\n]* - INFO - (?<phase>TRAINING|EVALUATING) - Epoch: \[(?<epoch>\d{1,9})\]\[(?<step>\d{1,9})/", RegexOptions.Multiline)]
    private static partial Regex StepLine();
}
