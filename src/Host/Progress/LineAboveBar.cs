using Spectre.Console.Rendering;

namespace ReSTE.Native.Host;

/// <summary>
/// A line in the place of a live bar, which is drawn anew below it. The console has gone back to where the bar begins, but has erased
/// nothing.
/// </summary>
internal sealed class LineAboveBar(string line) : IRenderable
{
    private const string EraseToEndOfScreen = "\e[0J";

    public Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        [Segment.Control(EraseToEndOfScreen), new(line), Segment.LineBreak];
}
