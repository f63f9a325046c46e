using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>What a run shows on stdout while it lasts.</summary>
internal interface IDisplay
{
    /// <summary>Does the work while the display is live.</summary>
    void During(Action work);

    /// <summary>A step is done; called on the training thread, so it must be quick.</summary>
    void Step(in StepReport report, double imagesPerSecond);

    /// <summary>The published trainer's line of a step.</summary>
    void StepLine(string line);

    /// <summary>An epoch is done.</summary>
    /// <param name="report">What came of it.</param>
    /// <param name="imagesPerSecond">Speed of its training; 0 where no step of it was seen.</param>
    void Epoch(EpochReport report, double imagesPerSecond);

    /// <summary>Something worth knowing.</summary>
    void Line(string line);

    /// <summary>What the command was asked for; shown whatever the mode.</summary>
    void Result(string line);
}
