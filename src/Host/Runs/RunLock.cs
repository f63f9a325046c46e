namespace ReSTE.Native.Host;

/// <summary>
/// Holds a results folder for one run. The system lets go of the lock when the process ends, however it ends. Who holds it stands in a file
/// of its own, for nobody else can read the locked one; what a killed run left there means nothing.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const string LockName = ".lock";

    private const string HolderName = ".holder";

    private readonly FileStream _held;
    private readonly string _holder;

    private RunLock(FileStream held, string holder) => (_held, _holder) = (held, holder);

    /// <summary>Takes the folder, or says which process has it.</summary>
    public static RunLock Take(string folder)
    {
        var holder = Path.Combine(folder, HolderName);
        FileStream held;
        try
        {
            held = new(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem) when (IsHeld(problem))
        {
            throw new HostException(ExitCode.Failure, $"another run is using the results folder '{folder}'{Name(holder)}",
                "wait for it, or choose another with --results_dir or --save", problem);
        }
        Try(() => File.WriteAllText(holder, $"process {Numbers.Text(Environment.ProcessId)} on {Environment.MachineName}"));
        return new(held, holder);
    }

    /// <summary>Whether a run holds the folder; where that cannot be told, it does not.</summary>
    public static bool IsHeld(string folder)
    {
        try
        {
            using var held = new FileStream(Path.Combine(folder, LockName), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException problem)
        {
            return IsHeld(problem);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        Try(() => File.Delete(_holder));
        _held.Dispose();
    }

    /// <summary>Whether another process has the file: a sharing violation on Windows, flock's EWOULDBLOCK on Linux and macOS.</summary>
    private static bool IsHeld(IOException problem) => problem.HResult is unchecked((int)0x80070020) or 11 or 35;

    private static string Name(string holder)
    {
        var name = "";
        Try(() => name = File.ReadAllText(holder));
        return name.Length > 0 ? $": {name}" : "";
    }

    /// <summary>A name is only a help: the lock holds without it.</summary>
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
        }
    }
}
