using ReSTE.Native.Messages;

namespace ReSTE.Native.Checkpoints;

/// <summary>A checkpoint is missing, damaged or not what it claims to be. The message is one line: file, what, and where.</summary>
/// <param name="file">The file, as the user named it.</param>
/// <param name="what">What is wrong and where; without the file's name and without a final stop.</param>
/// <param name="inner">The failure behind it, if any.</param>
public sealed class CheckpointException(string file, string what, Exception? inner = null) : Exception(OneLine.Of($"{file}: {what}"), inner)
{
    private const int QuotedLength = 80;

    /// <summary>The file, as the user named it.</summary>
    public string File { get; } = file;

    /// <summary>A name out of an untrusted file, quoted and cut to a readable length.</summary>
    internal static string Quote(string name) => name.Length <= QuotedLength ? $"'{name}'" : $"'{name[..QuotedLength]}...'";
}
