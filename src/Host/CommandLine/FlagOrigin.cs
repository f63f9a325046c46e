namespace ReSTE.Native.Host;

/// <summary>Where a flag comes from: the published trainer, whose users know it, or this program.</summary>
internal enum FlagOrigin
{
    Published,
    Ours,
}
