namespace ReSTE.Native.Host;

/// <summary>A run's folder. While it is open no other run can open it.</summary>
internal sealed class RunFolder : IDisposable
{
    private const string CheckpointName = "checkpoint.safetensors";

    /// <summary>What the published trainer calls its checkpoints.</summary>
    public const string PublishedName = "checkpoint.pth.tar", PublishedBestName = "model_best.pth.tar";

    public const string ArgumentsName = "argument.txt", LogName = "logger.log", MetricsName = "metrics.csv", RecordsName = "metrics.jsonl",
        LayersName = "layers.jsonl", ReportName = "report.html";

    public const string BestName = "model_best.safetensors";

    private readonly RunLock _lock;

    private RunFolder(string path, RunLock held) => (Path, _lock) = (path, held);

    public string Path { get; }

    public string Arguments => In(ArgumentsName);

    public string Log => In(LogName);

    public string Metrics => In(MetricsName);

    public string Records => In(RecordsName);

    public string Layers => In(LayersName);

    public string Signs => In("signs.json");

    public string Report => In(ReportName);

    public string Events => In(EventFile.Name);

    public string Checkpoint => In(CheckpointName);

    public string Best => In(BestName);

    /// <summary>What a resumed run goes on from: its own checkpoint, or else the published trainer's.</summary>
    public string ToResume => ToResumeIn(Path);

    /// <summary>Whether that is the published trainer's.</summary>
    public bool ResumesPublished => ToResume != Checkpoint;

    /// <summary>What a run leaves, in the order it is moved aside.</summary>
    private string[] Files =>
    [
        Arguments, Log, Metrics, Records, Layers, Signs, Events, Report, Best, In(PublishedBestName), In(PublishedName), Checkpoint,
    ];

    /// <summary>Refuses a folder from which nothing can be resumed, before anything is created.</summary>
    public static void RequireCheckpoint(string path)
    {
        var checkpoint = ToResumeIn(path);
        CheckpointPath.RequireReadable(checkpoint, $"--resume: there is no checkpoint '{checkpoint}'",
            () => "leave out --resume to start anew, or name the run with --results_dir and --save");
    }

    /// <summary>Creates the folder where needed and holds it.</summary>
    public static RunFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            using (File.Create(System.IO.Path.Combine(path, ".writable"), 1, FileOptions.DeleteOnClose))
            {
            }
            var held = RunLock.Take(path);
            try
            {
                var folder = new RunFolder(path, held);
                folder.SweepTemporaryFiles();
                return folder;
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception problem) when (IsUnwritable(problem))
        {
            throw Unwritable(path, problem);
        }
    }

    /// <summary>The folder cannot be used, or a file in it.</summary>
    public static HostException Unwritable(string path, Exception problem) => new(ExitCode.Failure,
        $"cannot write to the results folder '{path}': {problem.Message}", "choose another with --results_dir", problem);

    /// <summary>Whether it is the folder that is at fault.</summary>
    public static bool IsUnwritable(Exception problem) =>
        problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>
    /// Moves the files of an earlier run into previous-N; null where there is none. A run always has arguments, which go first: where only
    /// others are left, an earlier move was cut short, and they follow into the same folder.
    /// </summary>
    public string? MoveEarlierRunAside()
    {
        if (!Files.Any(File.Exists))
            return null;
        var number = 1;
        while (System.IO.Path.Exists(Aside(number)))
            number++;
        if (number > 1 && !File.Exists(Arguments) && !Files.Any(file => File.Exists(file) && System.IO.Path.Exists(
            System.IO.Path.Combine(Aside(number - 1), System.IO.Path.GetFileName(file)))))
            number--;
        var aside = Directory.CreateDirectory(Aside(number)).FullName;
        foreach (var file in Files)
        {
            if (File.Exists(file))
                File.Move(file, System.IO.Path.Combine(aside, System.IO.Path.GetFileName(file)));
        }
        return System.IO.Path.Combine(Path, System.IO.Path.GetFileName(aside));
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>A run that was killed while it wrote leaves the unfinished file under its temporary name.</summary>
    private void SweepTemporaryFiles()
    {
        foreach (var file in Files)
        {
            foreach (var unfinished in Directory.GetFiles(Path, System.IO.Path.GetFileName(file) + ".*.tmp"))
                File.Delete(unfinished);
        }
    }

    private static string ToResumeIn(string folder)
    {
        string own = System.IO.Path.Combine(folder, CheckpointName), published = System.IO.Path.Combine(folder, PublishedName);
        return !System.IO.Path.Exists(own) && System.IO.Path.Exists(published) ? published : own;
    }

    private string Aside(int number) => In($"previous-{Numbers.Text(number)}");

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
