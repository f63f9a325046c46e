using System.Diagnostics;
using ReSTE.Native.Tests;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>The command with the real engine: inside this process, or as a process of its own for what only signals can show.</summary>
internal static class Reste
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Hides a GPU that the machine may have.</summary>
    public static readonly IReadOnlyDictionary<string, string?> WithoutGpu =
        new Dictionary<string, string?> { ["RESTE_LIBCUDA"] = "/nonexistent/lib.so" };

    /// <summary>The program's file, for `dotnet exec`.</summary>
    public static string Library { get; } = Path.Combine(AppContext.BaseDirectory, "reste.dll");

    /// <summary>Runs it here.</summary>
    public static Finished Run(params string[] arguments)
    {
        using var interruption = new Interruption();
        using var output = new StringWriter();
        return Run(arguments, interruption, output);
    }

    /// <summary>Runs it here, to be interrupted by what it writes.</summary>
    public static Finished Run(string[] arguments, Interruption interruption, StringWriter output)
    {
        var error = new StringWriter();
        var exitCode = new App(new HostContext(output, error, null, new EngineAdapter(), interruption, arguments)).Run();
        return new(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Starts it as a process of its own.</summary>
    public static Process Start(params string[] arguments) => Start(new Dictionary<string, string?>(), arguments);

    /// <summary>Starts it as a process of its own; a variable that is null is taken out of the environment.</summary>
    public static Process Start(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = Interruptible.Start("dotnet", ["exec", Library, .. arguments]);
        foreach (var (name, value) in environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }

    /// <summary>Waits for the end of a process and keeps what it said.</summary>
    public static Finished Finish(Process process, TimeSpan? patience = null)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        Assert.True(process.WaitForExit(patience ?? s_patience), "the command has not ended");
        return new(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Sends SIGINT as soon as a file holds a text.</summary>
    public static void InterruptWhen(Process process, string file, string text)
    {
        WaitFor(process, file, text);
        Signal(process, "INT");
    }

    /// <summary>Sends a signal by its name without SIG.</summary>
    public static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", ["-" + name, Numbers.Text(process.Id)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until a file holds a text.</summary>
    public static void WaitFor(Process process, string file, string text)
    {
        var start = Stopwatch.GetTimestamp();
        while (!Holds(file, text))
        {
            Assert.False(process.HasExited, $"the command ended before {file} held '{text}'");
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, $"{file} never held '{text}'");
            Thread.Sleep(5);
        }
    }

    private static bool Holds(string file, string text)
    {
        if (!File.Exists(file))
            return false;
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Contains(text, StringComparison.Ordinal);
    }

    internal sealed record Finished(int ExitCode, string Output, string Error)
    {
        /// <summary>Asserts that the command refused in one line, with an exit code and words.</summary>
        public void AssertRefused(int exitCode, params string[] words)
        {
            Assert.Equal(exitCode, ExitCode);
            Assert.StartsWith("reste: error: ", Error);
            Assert.Equal(1, Error.Count(letter => letter == '\n'));
            foreach (var word in words)
                Assert.Contains(word, Error);
        }

        public Finished AssertDone()
        {
            Assert.True(ExitCode == 0 && !Error.Contains("error", StringComparison.Ordinal), $"exit code {ExitCode}: {Error}");
            return this;
        }
    }
}
