namespace ReSTE.Native.Training;

/// <summary>Which of an epoch's two passes a step belongs to.</summary>
public enum Phase
{
    /// <summary>Forward, backward and update on training images.</summary>
    Training,

    /// <summary>Forward on validation or test images.</summary>
    Evaluating,
}

/// <summary>Where a pass stands after a step.</summary>
/// <param name="Phase">Training or evaluating.</param>
/// <param name="Epoch">From 0.</param>
/// <param name="Step">Step of this pass, from 0.</param>
/// <param name="Steps">Steps in this pass.</param>
/// <param name="Images">Images done in this pass.</param>
/// <param name="TotalImages">Images in this pass.</param>
/// <param name="Batch">Means over this step's images.</param>
/// <param name="Average">Means over the pass so far.</param>
/// <param name="StepSeconds">Wall time since the report before it, or since the pass began.</param>
/// <param name="DataSeconds">Wall time for which the step waited for its images; 0 where they lie in the device's memory.</param>
public readonly record struct StepReport(Phase Phase, int Epoch, int Step, int Steps, int Images, int TotalImages,
    PassResult Batch, PassResult Average, double StepSeconds, double DataSeconds = 0);
