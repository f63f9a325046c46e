namespace ReSTE.Native.Host;

/// <summary>How a run shows itself on stdout.</summary>
internal enum ProgressMode
{
    /// <summary>A bar on a terminal, plain lines anywhere else.</summary>
    Auto,

    /// <summary>Plain lines: one after every few steps and one an epoch.</summary>
    Plain,

    /// <summary>Only results.</summary>
    None,
}
