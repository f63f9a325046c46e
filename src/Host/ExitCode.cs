namespace ReSTE.Native.Host;

/// <summary>What the command's exit status means to a script.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Something went wrong while running.</summary>
    public const int Failure = 1;

    /// <summary>The command line asks for something that does not exist or cannot be.</summary>
    public const int Misuse = 2;

    /// <summary>A GPU was asked for and none can be used.</summary>
    public const int NoGpu = 3;

    /// <summary>The data set is missing or damaged.</summary>
    public const int Data = 4;

    /// <summary>The checkpoint is missing, damaged, or of another network or other data.</summary>
    public const int Checkpoint = 5;

    /// <summary>Stopped by SIGHUP, for the terminal is gone: 128 + 1.</summary>
    public const int HungUp = 129;

    /// <summary>Stopped by SIGINT: 128 + 2.</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by SIGTERM: 128 + 15.</summary>
    public const int Terminated = 143;
}
