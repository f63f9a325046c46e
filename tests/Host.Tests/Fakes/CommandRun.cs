using System.Runtime.InteropServices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>Runs the command against a fake engine and keeps what it said.</summary>
internal sealed class CommandRun
{
    private CommandRun(int exitCode, string output, string error, FakeEngine engine) =>
        (ExitCode, Output, Error, Engine) = (exitCode, output, error, engine);

    public int ExitCode { get; }

    public string Output { get; }

    public string Error { get; }

    public FakeEngine Engine { get; }

    public Recipe Recipe => Engine.Started ?? throw new InvalidOperationException($"nothing started: {Error}");

    public static CommandRun Of(params string[] arguments) => Of(new FakeEngine(), null, arguments);

    public static CommandRun Of(FakeEngine engine, Interruption? interruption, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        using var own = interruption is null ? new Interruption() : null;
        var context = new HostContext(output, error, null, engine, interruption ?? own!, arguments);
        var exitCode = new App(context).Run();
        return new(exitCode, output.ToString(), error.ToString(), engine);
    }

    /// <summary>A run that gets a signal after the steps that are meant.</summary>
    public static CommandRun Interrupted(PosixSignal signal, Func<StepReport, bool> when, params string[] arguments)
    {
        using var interruption = new Interruption(_ => { });
        var engine = new FakeEngine
        {
            OnStep = report =>
            {
                if (when(report))
                    interruption.Raise(signal);
            },
        };
        return Of(engine, interruption, arguments);
    }

    /// <summary>Asserts that the command refused in one line, with an exit code and words.</summary>
    public void AssertRefused(int exitCode, params string[] words)
    {
        Assert.Equal(exitCode, ExitCode);
        Assert.StartsWith("reste: error: ", Error);
        Assert.Equal(1, Error.Count(letter => letter == '\n'));
        Assert.DoesNotContain("   at ", Error);
        foreach (var word in words)
            Assert.Contains(word, Error);
    }
}
