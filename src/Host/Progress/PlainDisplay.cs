using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>Plain lines, for files, pipes and terminals that cannot redraw.</summary>
internal sealed class PlainDisplay(TextWriter output, int epochs) : IDisplay
{
    public void During(Action work) => work();

    public void Step(in StepReport report, double imagesPerSecond)
    {
    }

    public void StepLine(string line) => output.WriteLine(line);

    public void Epoch(EpochReport report, double imagesPerSecond) => Line(LogLines.Short(report, epochs, imagesPerSecond));

    public void Line(string line) => output.WriteLine(line);

    public void Result(string line) => output.WriteLine(line);
}
