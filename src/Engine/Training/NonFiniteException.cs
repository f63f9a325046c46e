namespace ReSTE.Native.Training;

/// <summary>
/// Training has produced a number that is not finite; sign() would hide it. The message names the tensor and the epoch. A new trainer can go on from an earlier
/// checkpoint.
/// </summary>
public sealed class NonFiniteException(string message) : Exception(message);
