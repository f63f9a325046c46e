namespace ReSTE.Native.Training;

/// <summary>A recipe asks for something that does not exist or cannot work. The message says what and what would.</summary>
public sealed class RecipeException(string message) : Exception(message);
