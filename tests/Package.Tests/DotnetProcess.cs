using System.Diagnostics;
using ReSTE.Native.Tests;

namespace ReSTE.Native.Package.Tests;

/// <summary>`dotnet` as a user runs it: a process of its own, in English, with nothing of the test runner's around it.</summary>
internal sealed class DotnetProcess : IDisposable
{
    private const int LimitMilliseconds = 180_000;

    // No build server may outlive the test: it would hold the folder and the output pipes.
    private static readonly (string Name, string Value)[] s_environment =
    [
        ("DOTNET_NOLOGO", "1"), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_CLI_UI_LANGUAGE", "en"),
        ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"),
        ("MSBUILDDISABLENODEREUSE", "1"), ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"), ("UseSharedCompilation", "false"),
    ];

    private readonly string _command;
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Task<string> _errors;

    public DotnetProcess(string folder, params ReadOnlySpan<string> arguments)
        : this("dotnet", folder, [], arguments)
    {
    }

    /// <summary>Starts a program with variables; one that is null is taken out of the environment.</summary>
    private DotnetProcess(
        string program, string folder, ReadOnlySpan<(string Name, string? Value)> environment, ReadOnlySpan<string> arguments)
    {
        _command = $"{Path.GetFileName(program)} {string.Join(' ', arguments.ToArray())}";
        ProcessStartInfo start = Interruptible.Start(program, arguments.ToArray());
        start.WorkingDirectory = folder;
        // `dotnet test` tells its children where its own build engine lies.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in s_environment)
            start.Environment[name] = value;
        foreach (var (name, value) in environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Reads its output up to a line that begins so.</summary>
    public void WaitFor(string beginning)
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            _lines.Add(line);
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"{_command} ended without '{beginning}':\n{string.Join('\n', _lines)}\n{_errors.Result}");
    }

    /// <summary>What Ctrl-C does.</summary>
    public void Interrupt() => Interruptible.Interrupt(_process);

    /// <summary>
    /// Waits for its end; returns all lines of its output. Anything on standard error, or another exit code than 0, fails the test.
    /// </summary>
    public string[] Finish()
    {
        Task<string> rest = _process.StandardOutput.ReadToEndAsync();
        bool ended = _process.WaitForExit(LimitMilliseconds);
        if (!ended)
            _process.Kill(entireProcessTree: true);
        _lines.AddRange(rest.Result.Split('\n'));
        Assert.True(ended && _process.ExitCode == 0 && _errors.Result.Length == 0,
            $"{_command}: {(ended ? $"exit code {_process.ExitCode}" : "did not end")}\n{string.Join('\n', _lines)}\n{_errors.Result}");
        return [.. _lines.Select(line => line.Trim()).Where(line => line.Length > 0)];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    /// <summary>Runs it to its end.</summary>
    public static string[] Run(string folder, params ReadOnlySpan<string> arguments)
    {
        return Run(folder, [], arguments);
    }

    /// <summary>Runs it to its end with variables; one that is null is taken out of the environment.</summary>
    public static string[] Run(string folder, ReadOnlySpan<(string Name, string? Value)> environment, params ReadOnlySpan<string> arguments)
    {
        using var process = new DotnetProcess("dotnet", folder, environment, arguments);
        return process.Finish();
    }

    /// <summary>Runs a program that needs no `dotnet` to its end.</summary>
    public static string[] RunProgram(string program, string folder, params ReadOnlySpan<string> arguments)
    {
        using var process = new DotnetProcess(program, folder, [], arguments);
        return process.Finish();
    }

    /// <summary>Runs it to its end, whatever that is; returns exit code and standard output.</summary>
    public static (int ExitCode, string Output) Try(string folder, params ReadOnlySpan<string> arguments) => Try(folder, [], arguments);

    /// <summary>The same with variables.</summary>
    public static (int ExitCode, string Output) Try(
        string folder, ReadOnlySpan<(string Name, string? Value)> environment, params ReadOnlySpan<string> arguments)
    {
        using var process = new DotnetProcess("dotnet", folder, environment, arguments);
        Task<string> output = process._process.StandardOutput.ReadToEndAsync();
        Assert.True(process._process.WaitForExit(LimitMilliseconds), $"{process._command} did not end");
        return (process._process.ExitCode, output.Result + process._errors.Result);
    }
}
