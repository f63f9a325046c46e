namespace ReSTE.Native.Pickles;

/// <summary>A pickle that is refused; whoever reads it says of which file.</summary>
/// <param name="offset">Where in the bytes.</param>
/// <param name="what">What is wrong, without a final stop.</param>
internal sealed class PickleException(int offset, string what) : Exception($"byte {offset}: {what}")
{
    /// <summary>The name that is not allowed, such as "os.system"; null where something else is wrong.</summary>
    public string? ForbiddenName { get; init; }
}
