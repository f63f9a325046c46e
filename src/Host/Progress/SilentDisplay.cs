using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>Results and nothing else.</summary>
internal sealed class SilentDisplay(TextWriter output) : IDisplay
{
    public void During(Action work) => work();

    public void Step(in StepReport report, double imagesPerSecond)
    {
    }

    public void StepLine(string line)
    {
    }

    public void Epoch(EpochReport report, double imagesPerSecond)
    {
    }

    public void Line(string line)
    {
    }

    public void Result(string line) => output.WriteLine(line);
}
