namespace ReSTE.Native.Images;

/// <summary>What a thread needs to read an image; there are as many as threads have read at once.</summary>
internal sealed class Kept<T>(Func<T> make)
{
    private readonly Stack<T> _free = new();

    public T Take()
    {
        lock (_free)
        {
            if (_free.TryPop(out T? kept))
                return kept;
        }
        return make();
    }

    public void Give(T kept)
    {
        lock (_free)
            _free.Push(kept);
    }
}
