namespace ReSTE.Native.Datasets;

/// <summary>A data set is missing, damaged or not what it claims to be. The message says which file, what is wrong, and what to do.</summary>
public sealed class DatasetException(string message, Exception? inner = null) : Exception(message, inner);
