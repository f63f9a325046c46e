using Spectre.Console;
using Spectre.Console.Rendering;

namespace ReSTE.Native.Host;

/// <summary>The numbers beside the bar.</summary>
internal sealed class NumbersColumn(LiveNumbers numbers) : ProgressColumn
{
    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(numbers.Text()) { Overflow = Overflow.Ellipsis };
}
