namespace ReSTE.Native.Devices;

/// <summary>
/// Copies of one small tensor, each taken at its own point of a device's work, read in the order they were taken: how the host
/// follows a device that runs ahead without ever stopping it.
/// </summary>
internal abstract class Mailbox : IDisposable
{
    /// <summary>Whether as many copies are on their way as there is room for; <see cref="Post"/> may then not be called.</summary>
    public abstract bool IsFull { get; }

    /// <summary>Asks for a copy of what the tensor holds once everything asked for so far is done.</summary>
    public abstract void Post();

    /// <summary>
    /// Takes the oldest copy. False where no copy is on its way or, without <paramref name="wait"/>, where it has not arrived yet.
    /// </summary>
    public abstract bool TryTake(Span<byte> bytes, bool wait);

    /// <summary>Gives the room back.</summary>
    public virtual void Dispose()
    {
    }
}
