using ReSTE.Native.Tapes;

namespace ReSTE.Native.Networks;

/// <summary>A network: a function that records layers on a tape.</summary>
/// <param name="Name">The published name.</param>
/// <param name="Record">Records it: layers, images [N,H,W,C], number of classes; returns logits [N,classes].</param>
public sealed record Network(string Name, Func<Layers, Variable, int, Variable> Record);
