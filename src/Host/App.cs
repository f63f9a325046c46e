namespace ReSTE.Native.Host;

/// <summary>The command from its arguments to its exit code. Whatever goes wrong becomes one line on stderr.</summary>
internal sealed class App(HostContext context)
{
    private bool _leavesFiles;

    public int Run()
    {
        try
        {
            var exitCode = Dispatch();
            if (exitCode == ExitCode.Done && context.Out is TolerantWriter { Failure: { } failure } && !_leavesFiles)
                throw new HostException(ExitCode.Failure, $"cannot write to standard output: {failure.Message}", null, failure);
            return exitCode;
        }
        catch (OperationCanceledException) when (context.Interruption.ExitCode != 0)
        {
            context.Out.WriteLine($"interrupted by {context.Interruption.Name}");
            return context.Interruption.ExitCode;
        }
        catch (Exception problem)
        {
            return Complain(Trouble.Explain(problem));
        }
    }

    private int Dispatch()
    {
        var tree = new CommandTree(context.Engine);
        if (tree.HelpFor(context.Arguments) is { } help)
        {
            context.Out.Write(help);
            return ExitCode.Done;
        }
        var (verb, parsed) = tree.Parse(context.Arguments);
        _leavesFiles = verb.LeavesFiles(parsed);
        return verb.Run(parsed, context);
    }

    private int Complain(HostException problem)
    {
        var hint = problem.Hint is null ? "" : $" ({OneLine(problem.Hint)})";
        context.Error.WriteLine($"reste: error: {OneLine(problem.Message)}{hint}");
        return problem.ExitCode;
    }

    private static string OneLine(string text) =>
        string.Join("; ", text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
