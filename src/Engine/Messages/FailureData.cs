namespace ReSTE.Native.Messages;

/// <summary>What an exception may carry along in its data, by key.</summary>
internal static class FailureData
{
    /// <summary>The layer whose operation failed.</summary>
    public const string Layer = "ReSTE.Native.Layer";
}
