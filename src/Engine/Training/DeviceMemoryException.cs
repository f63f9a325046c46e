namespace ReSTE.Native.Training;

/// <summary>A network, its data and its batch do not fit a device's memory; the message is one line that says what takes how much, and what would fit.</summary>
public sealed class DeviceMemoryException(string message, Exception inner) : Exception(message, inner);
