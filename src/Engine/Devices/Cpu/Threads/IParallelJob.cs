namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Work cut into numbered parts that may run in any order on any thread. Unmanaged, so that handing it out allocates nothing.
/// </summary>
internal interface IParallelJob
{
    /// <summary>Does one part.</summary>
    /// <param name="part">Which part, from 0.</param>
    /// <param name="worker">Which thread, from 0: for working memory of its own.</param>
    void Run(int part, int worker);
}
