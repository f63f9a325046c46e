using ReSTE.Native.Operations;

namespace ReSTE.Native.Ops;

/// <summary>An op whose result a batch norm may take, and that may do some of that batch norm's work on the way.</summary>
internal interface INormSource
{
    /// <summary>Finds the statistics of the batch norm of its result from now on, where the device does that.</summary>
    bool GivesStatistics(in NormStatistics statistics);

    /// <summary>
    /// Finds the gradient of its result from that of the batch norm from now on, where the device does that and it is then read once: the
    /// batch norm need not store it.
    /// </summary>
    bool TakesGradient(in NormGradient norm);
}
