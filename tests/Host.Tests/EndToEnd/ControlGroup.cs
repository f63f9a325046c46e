using System.Diagnostics;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>
/// A control group with a memory limit inside the one that the tests run in, of version 1, or of version 2 where that group may have
/// children with limits. The kernel kills what takes more.
/// </summary>
internal sealed class ControlGroup : IDisposable
{
    private readonly string _folder;

    private ControlGroup(string folder) => _folder = folder;

    /// <summary>Makes one, or skips the test where this user may not.</summary>
    public static ControlGroup Create(long limit)
    {
        var name = $"reste-test-{Environment.ProcessId}";
        foreach (var (parent, file) in Parents())
        {
            var folder = Path.Combine(parent, name);
            try
            {
                Directory.CreateDirectory(folder);
                File.WriteAllText(Path.Combine(folder, file), Numbers.Text(limit));
                return new(folder);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                if (Directory.Exists(folder))
                    Directory.Delete(folder);
            }
        }
        Assert.Skip("no control group with a memory limit can be made here");
        return null!;
    }

    /// <summary>Runs the command inside.</summary>
    public Reste.Finished Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("sh",
            ["-c", $"echo $$ > '{_folder}/cgroup.procs' && exec \"$@\"", "sh", "dotnet", "exec", Reste.Library, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in Reste.WithoutGpu)
            start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        return Reste.Finish(process);
    }

    /// <summary>A group can be removed as soon as its last process is gone, which the kernel may take a moment to see.</summary>
    public void Dispose()
    {
        for (var attempt = 0; Directory.Exists(_folder); attempt++)
        {
            try
            {
                Directory.Delete(_folder);
            }
            catch (IOException) when (attempt < 50)
            {
                Thread.Sleep(100);
            }
        }
    }

    private static IEnumerable<(string Folder, string LimitFile)> Parents()
    {
        string[] groups = File.Exists("/proc/self/cgroup") ? File.ReadAllLines("/proc/self/cgroup") : [];
        foreach (var parts in groups.Select(line => line.Split(':', 3)))
        {
            if (parts[1].Split(',').Contains("memory"))
                yield return ("/sys/fs/cgroup/memory" + parts[2], "memory.limit_in_bytes");
            else if (parts[1].Length == 0 && File.Exists("/sys/fs/cgroup/cgroup.controllers"))
                yield return ("/sys/fs/cgroup" + parts[2], "memory.max");
        }
    }
}
