using ReSTE.Native.Messages;

namespace ReSTE.Native.Tapes;

/// <summary>Which layer an operation was of that failed: it goes with the exception, whatever that is.</summary>
internal static class FailureLayer
{
    /// <summary>A filter that lets every exception pass, once it has noted where it came from.</summary>
    public static bool Note(Exception problem, Op op)
    {
        if (!problem.Data.Contains(FailureData.Layer))
            problem.Data.Add(FailureData.Layer, op.Layer);
        return false;
    }
}
