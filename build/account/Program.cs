using ReSTE.Native.Account;

return AccountCommand.Run(args, Console.Out, Console.Error);
