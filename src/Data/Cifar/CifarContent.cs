namespace ReSTE.Native.Data.Cifar;

/// <summary>What was read of a set.</summary>
/// <param name="Form">In which form it was found.</param>
/// <param name="Batches">The batches for training in order, then the one for testing.</param>
/// <param name="Notice">Why it was not read where it was looked for first; null where it was.</param>
internal sealed record CifarContent(CifarForm Form, CifarBatch[] Batches, string? Notice = null);
