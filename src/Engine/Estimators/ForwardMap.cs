namespace ReSTE.Native.Estimators;

/// <summary>How a real value becomes a binary one.</summary>
internal enum ForwardMap
{
    /// <summary>+1 where x &gt;= 0, else -1.</summary>
    Sign,
}
