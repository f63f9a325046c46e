using System.Diagnostics;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>Runs the command as a user whom permissions stop, which they do not stop root.</summary>
internal static class OtherUser
{
    private const string Nobody = "65534";

    /// <summary>Runs it, or skips the test where there is no way to.</summary>
    public static Reste.Finished Run(params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the permissions of Unix");
        if (!Environment.IsPrivilegedProcess)
        {
            using var process = Reste.Start(arguments);
            return Reste.Finish(process);
        }
        Assert.SkipUnless(Start("--help") is { ExitCode: 0 },
            "these are root's tests, and setpriv cannot start the command as another user");
        return Start(arguments)!;
    }

    private static Reste.Finished? Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("setpriv",
            ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", "dotnet", "exec", Reste.Library, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            return Reste.Finish(process);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
