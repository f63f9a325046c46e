namespace ReSTE.Native.Training;

/// <summary>A data set's two parts and how their bytes become inputs.</summary>
public sealed record DataSplits(Dataset Train, Dataset Test, Preprocessing Preprocessing);
