namespace ReSTE.Native.Host;

/// <summary>An end of the command that its user can understand: what is wrong, perhaps what to do about it, and the exit code.</summary>
internal sealed class HostException(int exitCode, string message, string? hint = null, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What to do about it; null where the message already says so.</summary>
    public string? Hint { get; } = hint;

    public static HostException Misuse(string message, string? hint = null) => new(Host.ExitCode.Misuse, message, hint);
}
