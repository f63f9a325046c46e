namespace ReSTE.Native.Host;

/// <summary>Chooses the display of a run.</summary>
internal static class Displays
{
    public static IDisplay For(ProgressMode mode, HostContext context, int epochs) => mode switch
    {
        ProgressMode.None => new SilentDisplay(context.Out),
        ProgressMode.Auto when context.Terminal is { } terminal => new BarDisplay(terminal, context.Out, epochs),
        _ => new PlainDisplay(context.Out, epochs),
    };
}
