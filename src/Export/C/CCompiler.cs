using System.ComponentModel;
using System.Diagnostics;

namespace ReSTE.Native.Export.C;

/// <summary>A C compiler of this machine.</summary>
/// <param name="Command">The program, and arguments that come before all others.</param>
/// <param name="Version">The first line of what it says of itself.</param>
internal sealed record CCompiler(IReadOnlyList<string> Command, string Version)
{
    /// <summary>The first one that runs: what the environment variable CC says, cc, gcc, clang.</summary>
    /// <exception cref="ExportException">There is none.</exception>
    public static CCompiler Find()
    {
        string[] named = (Environment.GetEnvironmentVariable("CC") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[][] commands = [named, ["cc"], ["gcc"], ["clang"]];
        return commands.Where(command => command.Length > 0).Select(Try).FirstOrDefault(compiler => compiler != null)
            ?? throw new ExportException("no C compiler runs on this machine: looked for what CC names, for cc, gcc and clang; "
                + "install one, or set CC");
    }

    /// <summary>A compiler by its name; null where it does not run.</summary>
    public static CCompiler? Try(params string[] command)
    {
        try
        {
            var (code, text) = Run([.. command, "--version"]);
            return code == 0 ? new CCompiler(command, text.Split('\n')[0].Trim()) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Compiles; what it says, which is nothing where all is well, and whether it went well.</summary>
    public (bool IsWell, string Messages) Compile(params IEnumerable<string> arguments)
    {
        var (code, text) = Run([.. Command, .. arguments]);
        return (code == 0, text.Trim());
    }

    private static (int Code, string Text) Run(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text + errors.Result);
    }
}
