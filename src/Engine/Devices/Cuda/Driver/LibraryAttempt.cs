namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// One place where the driver library was looked for. <paramref name="Failure"/> is the loader's own message, null where it was found.
/// </summary>
public sealed record LibraryAttempt(string Path, string? Failure);
