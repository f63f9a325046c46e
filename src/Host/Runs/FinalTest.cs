using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// The end of a run that chose its best epoch on images held out: the only pass over the test images, with the last weights and with the
/// best ones. It writes no step lines to the log, for no training goes on after them.
/// </summary>
internal sealed class FinalTest(ITrainingRun run, RunFolder folder, RunLog? log, RunOptions options, HostContext context)
{
    /// <summary>Leaves the run with the weights of the best file, which are not to be trained on.</summary>
    public void Run(IDisplay display)
    {
        var last = run.NextEpoch - 1;
        var result = Test(display);
        Say(display, LogLines.Test("last", last, result));
        if (run.BestEpoch != last)
        {
            if (!File.Exists(folder.Best))
            {
                Say(display, $"there is no {folder.Best}: the best weights cannot be tested");
                return;
            }
            // A run that was killed between its best file and its checkpoint, and goes on with other epochs, may have this file of an epoch
            // that was then trained anew, and otherwise.
            if (run.LoadWeights(folder.Best).Epoch != run.BestEpoch + 1)
            {
                var epoch = Numbers.Text(run.BestEpoch + 1);
                Say(display, $"{folder.Best} is not of the best epoch ({epoch}): the best weights cannot be tested");
                return;
            }
            result = Test(display);
        }
        Say(display, LogLines.Test("best", run.BestEpoch, result));
    }

    /// <summary>Whether the log of a finished run ends with what is found here; an earlier end, with fewer epochs, is not it.</summary>
    public static bool IsLogged(RunFolder folder, ITrainingRun run)
    {
        if (!File.Exists(folder.Log))
            return false;
        var log = File.ReadAllText(folder.Log);
        var end = log[Math.Max(0, log.LastIndexOf(LogLines.Done, StringComparison.Ordinal))..];
        return end.Contains(LogLines.TestOf("last", run.NextEpoch - 1), StringComparison.Ordinal)
            && end.Contains(LogLines.TestOf("best", run.BestEpoch), StringComparison.Ordinal);
    }

    private PassResult Test(IDisplay display) => Evaluation.Pass(run, display, options, context.Interruption.Token);

    private void Say(IDisplay display, string line)
    {
        log?.Info(line);
        display.Result(line);
    }
}
