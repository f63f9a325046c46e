using System.ComponentModel;
using System.Diagnostics;

namespace ReSTE.Native.Export.Page;

/// <summary>A browser of the Chromium family on this machine, without its windows.</summary>
/// <param name="Command">The program.</param>
/// <param name="Version">What it says of itself.</param>
internal sealed record Browser(string Command, string Version)
{
    private const int VersionSeconds = 20;

    private static readonly string[] s_names =
    [
        "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    /// <summary>The first one that runs: what the environment variable CHROMIUM says, then the usual names.</summary>
    /// <exception cref="ExportException">There is none.</exception>
    public static Browser Find()
    {
        string? named = Environment.GetEnvironmentVariable("CHROMIUM");
        IEnumerable<string> commands = string.IsNullOrWhiteSpace(named) ? s_names : [named];
        return commands.Select(Try).FirstOrDefault(browser => browser != null)
            ?? throw new ExportException($"no browser runs on this machine: looked for {string.Join(", ", commands.Take(4))}; "
                + "install Chromium, or set CHROMIUM");
    }

    /// <summary>The document that a page has become once its scripts have run, as text.</summary>
    /// <param name="page">The page's file.</param>
    /// <param name="limit">How long that may take.</param>
    /// <param name="options">Further ones of the browser.</param>
    /// <exception cref="ExportException">It took longer, or the browser ended without one.</exception>
    public string Document(string page, TimeSpan limit, params string[] options)
    {
        // The page is one of this program's and forbids itself all loading. Within containers and for root the sandbox cannot start.
        string[] arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--disable-component-update", $"--user-data-dir={Path.GetDirectoryName(page)}/profile",
            .. options, "--dump-dom", new Uri(page).AbsoluteUri,
        ];
        var (code, text) = Run(Command, arguments, limit)
            ?? throw new ExportException($"{Version} took more than {limit.TotalSeconds:f0} s");
        return code == 0 ? text : throw new ExportException($"{Version} ended with exit code {code}");
    }

    private static Browser? Try(string command)
    {
        try
        {
            return Run(command, ["--version"], TimeSpan.FromSeconds(VersionSeconds)) is (0, var text) && text.Trim().Length > 0
                ? new Browser(command, text.Split('\n')[0].Split(" built on")[0].Trim())
                : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    // What a browser complains of goes unread; a pipe that nobody empties would stop it.
    private static (int Code, string Text)? Run(string command, string[] arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        Task<string> text = process.StandardOutput.ReadToEndAsync();
        if (text.Wait(limit) && process.WaitForExit(limit))
            return (process.ExitCode, text.Result);
        process.Kill(entireProcessTree: true);
        return null;
    }
}
