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
        var cut = Place(kept, epoch, step);
        if (cut < text.Length)
            TextFile.Replace(path, kept[..cut]);
    }

    /// <summary>Where the lines begin that will be written again: an epoch's own begin before its first step.</summary>
    private static int Place(string kept, int epoch, int step)
    {
        int? announced = null;
        foreach (Match match in Line().Matches(kept))
        {
            if (!match.Groups["phase"].Success)
                announced = match.Index;
            else if (IsAfter(match, epoch, step))
                return step == 0 && announced is { } before ? before : match.Index;
            else
                announced = null;
        }
        return step == 0 && announced is { } dangling ? dangling : kept.Length;
    }

    private static bool IsAfter(Match match, int epoch, int step)
    {
        var lineEpoch = Number(match.Groups["epoch"]);
        if (lineEpoch != epoch)
            return lineEpoch > epoch;
        return match.Groups["phase"].ValueSpan is "EVALUATING" || Number(match.Groups["step"]) >= step;
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>The first line of an epoch, or one of a step.</summary>
    [GeneratedRegex(
        @"^[^\n]* - INFO - (lr: |(?<phase>TRAINING|EVALUATING) - Epoch: \[(?<epoch>\d{1,9})\]\[(?<step>\d{1,9})/)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
