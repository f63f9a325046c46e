namespace ReSTE.Native.Export;

/// <summary>A network that has no such form; the message names the layer and says why.</summary>
public sealed class ExportException(string message) : Exception(message);
